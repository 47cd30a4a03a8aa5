// Phones store video sideways and say so in the container; models and people want it upright.
import type { VideoSample } from 'mediabunny';

/**
 * The sample as an upright VideoFrame of its own, to be closed by the receiver; closes the sample.
 * Without rotation or flip the pixels are not copied; otherwise they are drawn once, at display size.
 */
export function takeUprightFrame(sample: VideoSample): VideoFrame {
  try {
    if (sample.rotation === 0 && !sample.flip) return sample.toVideoFrame();
    const canvas = new OffscreenCanvas(sample.displayWidth, sample.displayHeight);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser gives no 2-D canvas to rotate frames with.');
    sample.draw(context, 0, 0);
    return new VideoFrame(canvas, {
      timestamp: sample.microsecondTimestamp,
      duration: sample.microsecondDuration,
    });
  } finally {
    sample.close();
  }
}
