// Video files for tests, made in the browser from the built-in clip: remuxed, cut, rotated or spoiled.
import {
  AudioSampleSource,
  AudioSample,
  BlobSource,
  BufferTarget,
  CanvasSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  MovOutputFormat,
  Mp4OutputFormat,
  MkvOutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
} from 'mediabunny';
import type { OutputFormat, Rotation } from 'mediabunny';

/** The built-in clip. */
export async function actorClip(): Promise<File> {
  const response = await fetch('/clips/actor.mp4');
  if (!response.ok) throw new Error('The actor clip is not served to the tests.');
  return new File([await response.blob()], 'actor.mp4');
}

/** A clip of the shared assets. */
export async function sharedClip(name: string): Promise<File> {
  const response = await fetch(`/fixtures/clips/${name}`);
  if (!response.ok) throw new Error(`The shared clip ${name} is not served to the tests.`);
  return new File([await response.blob()], name);
}

const formats: Readonly<Record<'mp4' | 'mov' | 'mkv', OutputFormat>> = {
  mp4: new Mp4OutputFormat({ fastStart: 'in-memory' }),
  mov: new MovOutputFormat({ fastStart: 'in-memory' }),
  mkv: new MkvOutputFormat(),
};

/** The actor as coded, in another container, cut after some packets or turned by quarters. */
export async function remuxedActor(
  extension: keyof typeof formats,
  { packets = Infinity, rotation = 0 }: { packets?: number; rotation?: Rotation } = {},
): Promise<File> {
  using input = new Input({ source: new BlobSource(await actorClip()), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !decoderConfig) throw new Error('The actor clip has no video track.');
  const target = new BufferTarget();
  const output = new Output({ format: formats[extension], target });
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source, { rotation });
  await output.start();
  let written = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    if (written === packets) break;
    await source.add(packet, { decoderConfig });
    written += 1;
  }
  await output.finalize();
  return fileOf(target, `actor.${extension}`);
}

/** A WebM of this many frames, 64 × 48 pixels at 25 FPS, encoded by the browser itself. */
export async function webmClip(frames: number): Promise<File> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const canvas = new OffscreenCanvas(64, 48);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('There is no 2-D canvas.');
  const source = new CanvasSource(canvas, { codec: 'vp8', quality: new Quality('medium') });
  output.addVideoTrack(source);
  await output.start();
  for (let frame = 0; frame < frames; frame += 1) {
    context.fillStyle = `rgb(${frame} 90 90)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    await source.add(frame / 25, 1 / 25);
  }
  await output.finalize();
  return fileOf(target, 'screen.webm');
}

/** An MP4 whose one track claims to be HEVC, which this browser does not decode. */
export async function hevcClip(): Promise<File> {
  const target = new BufferTarget();
  const output = new Output({ format: formats.mp4, target });
  const source = new EncodedVideoPacketSource('hevc');
  output.addVideoTrack(source);
  await output.start();
  const packet = new EncodedPacket(new Uint8Array([0, 0, 0, 2, 0x26, 0x01]), 'key', 0, 1 / 30);
  await source.add(packet, {
    decoderConfig: {
      codec: 'hvc1.1.6.L93.B0',
      codedWidth: 64,
      codedHeight: 64,
      description: new Uint8Array(23).fill(1),
    },
  });
  await output.finalize();
  return fileOf(target, 'phone.mp4');
}

/** An MP4 with sound and nothing to see. */
export async function soundOnlyClip(): Promise<File> {
  const target = new BufferTarget();
  const output = new Output({ format: formats.mp4, target });
  const source = new AudioSampleSource({ codec: 'opus', quality: new Quality('low') });
  output.addAudioTrack(source);
  await output.start();
  const sampleRate = 48_000;
  await source.add(
    new AudioSample({
      data: new Float32Array(sampleRate),
      format: 'f32',
      numberOfChannels: 1,
      sampleRate,
      timestamp: 0,
    }),
  );
  await output.finalize();
  return fileOf(target, 'song.mp4');
}

function fileOf({ buffer }: BufferTarget, name: string): File {
  if (!buffer) throw new Error(`${name} was not written.`);
  return new File([buffer], name);
}
