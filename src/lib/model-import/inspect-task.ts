// A bundle of MediaPipe Tasks: an archive of the two networks of a pose landmarker.
import { ZipError, extractZipEntry, listZipEntries } from '../weights/zip-archive.ts';
import { damaged } from './import-error.ts';
import type { InspectedModel } from './inspected-model.ts';
import { FormatError } from './network-interface.ts';
import type { NetworkInterface } from './network-interface.ts';
import { readTflite } from './read-tflite.ts';

const DETECTOR = 'pose_detector.tflite';
const LANDMARKS = 'pose_landmarks_detector.tflite';

/** Throws a ModelImportError for anything but a bundle for the pose landmarker. */
export async function inspectTask(
  fileName: string,
  contents: Uint8Array<ArrayBuffer>,
): Promise<InspectedModel> {
  try {
    await readNetwork(contents, DETECTOR);
    const landmarks = await readNetwork(contents, LANDMARKS);
    return {
      ...landmarks,
      format: 'task',
      engine: 'mediapipe',
      proposals: [{ kind: 'mediapipe-pose-landmarker' }],
      files: [{ name: 'model', contents }],
    };
  } catch (cause) {
    if (cause instanceof ZipError || cause instanceof FormatError) {
      throw damaged(fileName, cause.message);
    }
    throw cause;
  }
}

async function readNetwork(
  archive: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<NetworkInterface> {
  const entry = listZipEntries(archive).find((each) => each.name === name);
  if (!entry) {
    throw new FormatError(`it is no bundle for the pose landmarker: it has no ${name}`);
  }
  const network = await extractZipEntry(archive, entry);
  try {
    return readTflite(network);
  } catch (cause) {
    throw cause instanceof FormatError ? new FormatError(`in ${name}, ${cause.message}`) : cause;
  }
}
