// Opens a local video file: container, track and codec, or a sentence why it cannot be used.
import {
  BlobSource,
  Input,
  MATROSKA,
  MP4,
  QTFF,
  UnsupportedInputFormatError,
  WEBM,
} from 'mediabunny';
import type { InputVideoTrack } from 'mediabunny';
import { SourceError } from './frame-source.ts';

/** A file whose video track this browser can decode. */
export type ClipFile = {
  readonly input: Input;
  readonly track: InputVideoTrack;
  /** Frames that the container announces. */
  readonly announcedFrames: number;
};

/** Codecs by the name people know them under. */
const codecTitles: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC (H.265)',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
};

const CONVERT_HINT = 'Convert it to MP4 with H.264, for example: ffmpeg -i';

/**
 * The file's primary video track. Throws a SourceError when the file is empty, has changed, is no video
 * container, has no video track, or holds a codec that this browser cannot decode. The caller disposes `input`.
 */
export async function openClipFile(file: File): Promise<ClipFile> {
  if (file.size === 0) {
    throw new SourceError('empty-file', `${file.name} is empty (0 bytes). Choose another file.`);
  }
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) {
      // A container without a single track lost its index: MP4 often keeps it at the end.
      if ((await input.getTracks()).length === 0) throw indexMissing(file);
      throw new SourceError(
        'no-video-track',
        `${file.name} has no video track. Choose a file that has one.`,
      );
    }
    await requireDecodable(file, track);
    return { input, track, announcedFrames: (await track.computePacketStats()).packetCount };
  } catch (cause) {
    input.dispose();
    if (cause instanceof SourceError) throw cause;
    const change = await findChange(file);
    if (change) throw change;
    if (cause instanceof UnsupportedInputFormatError) throw await unsupportedContainer(file);
    throw indexMissing(file);
  }
}

async function requireDecodable(file: File, track: InputVideoTrack): Promise<void> {
  if (await track.canDecode()) return;
  const codec = await track.getCodec();
  const title = codec ? (codecTitles[codec] ?? codec) : 'an unknown codec';
  throw new SourceError(
    'unsupported-codec',
    `${file.name} cannot be decoded because this browser does not support ${title}. ${CONVERT_HINT} "${file.name}" -c:v libx264 clip.mp4`,
  );
}

async function unsupportedContainer(file: File): Promise<SourceError> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.startsWith('RIFF') && text.endsWith('AVI ')) {
    return new SourceError(
      'unsupported-container',
      `${file.name} is an AVI file, which browsers cannot read. ${CONVERT_HINT} "${file.name}" -c:v libx264 clip.mp4`,
    );
  }
  return new SourceError(
    'unsupported-container',
    `${file.name} is not a video that can be read, because its contents are none of MP4, MOV, WebM or MKV. Choose a video file in one of these formats.`,
  );
}

function indexMissing(file: File): SourceError {
  return new SourceError(
    'unreadable',
    `${file.name} cannot be read because its index is missing or damaged (is the file complete?). Copy or export it again.`,
  );
}

/**
 * The error for a file that is no longer what it was when it was chosen, or null when it can still be read:
 * browsers refuse to read one that changed (W3C File API, "snapshot state"), but its stream says only
 * "network error".
 */
export async function findChange(file: File): Promise<SourceError | null> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return null;
  } catch {
    return new SourceError(
      'changed',
      `${file.name} can no longer be read because it was changed, moved or deleted after it was chosen. Choose it again.`,
    );
  }
}
