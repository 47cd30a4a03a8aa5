// Feeds raw frames to ffmpeg, which writes the clip. ffmpeg is a tool of the person who renders,
// not of the product.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Takes RGBA frames in order and writes an H.264 file when finished. */
export interface VideoEncoder {
  write(frame: Buffer): Promise<void>;
  finish(): Promise<void>;
}

/** Size of the frames in pixels, their constant rate, and where the file goes. */
export interface VideoFormat {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly outputFile: string;
}

/** x264's constant quality: smaller is finer. The clip's size limit decides it. */
const CONSTANT_RATE_FACTOR = 21;
/** x264's adaptive quantisation that spends more on dark areas, which band and blotch first. */
const DARK_AREAS = 3;
/** A key frame at least this often keeps seeking quick. */
const KEY_FRAME_INTERVAL = 60;

/**
 * Starts ffmpeg. One thread and bit-exact output, so that the same frames give the same file; no
 * B-frames, so that decoders deliver the frames in stored order from time 0 without an edit list.
 * Throws when there is no ffmpeg, and says how to get it.
 */
export async function startVideoEncoder(format: VideoFormat): Promise<VideoEncoder> {
  const { widthPx, heightPx, framesPerSecond, outputFile } = format;
  const input = `-f rawvideo -pix_fmt rgba -s ${widthPx}x${heightPx} -r ${framesPerSecond} -i -`;
  const colour =
    '-vf scale=out_color_matrix=bt709:out_range=tv -colorspace bt709 -color_primaries bt709 ' +
    '-color_trc bt709 -color_range tv -pix_fmt yuv420p';
  const quality = `-crf ${CONSTANT_RATE_FACTOR} -aq-mode ${DARK_AREAS} -preset veryslow`;
  const codec = `-c:v libx264 -profile:v high -bf 0 -g ${KEY_FRAME_INTERVAL} -threads 1 ${quality}`;
  const layout = '-fflags +bitexact -flags:v +bitexact -movflags +faststart -an';
  const options = `-hide_banner -loglevel error -y ${input} ${colour} ${codec} ${layout}`;
  const ffmpeg = spawn('ffmpeg', [...options.split(' '), outputFile], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  await once(ffmpeg, 'spawn').catch((cause: unknown) => {
    throw new Error(MISSING_FFMPEG, { cause });
  });
  const ended = new Promise<void>((resolve, reject) => {
    ffmpeg.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`ffmpeg ended with code ${code}.`));
    });
  });
  // Whoever writes or finishes next is told; without this line Node would stop at once.
  ended.catch(() => undefined);
  ffmpeg.stdin.on('error', () => undefined);
  return {
    async write(frame) {
      if (!ffmpeg.stdin.writable) await ended;
      if (!ffmpeg.stdin.write(frame)) await Promise.race([once(ffmpeg.stdin, 'drain'), ended]);
    },
    async finish() {
      ffmpeg.stdin.end();
      await ended;
    },
  };
}

const MISSING_FFMPEG =
  'Rendering the actor needs ffmpeg with libx264, and no `ffmpeg` on the PATH could be started. ' +
  'Install it (Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg) and try again.';
