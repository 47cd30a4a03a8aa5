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

/**
 * A camera's picture as an upright VideoFrame, to be closed by the receiver; takes the picture over. Phones
 * turn with whoever holds them, and some browsers say so in the frame instead of turning the pixels.
 */
export function takeUprightCameraFrame(picture: VideoFrame): VideoFrame {
  // Typed by a version of WebCodecs that did not have them yet; browsers that have none turn the pixels.
  const { rotation = 0, flip = false } = picture as {
    readonly rotation?: number;
    readonly flip?: boolean;
  };
  if (rotation === 0 && !flip) return picture;
  try {
    const canvas = new OffscreenCanvas(picture.displayWidth, picture.displayHeight);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser gives no 2-D canvas to rotate frames with.');
    // Drawing applies both (WebCodecs, "draw a VideoFrame").
    context.drawImage(picture, 0, 0);
    const { timestamp, duration } = picture;
    return new VideoFrame(canvas, { timestamp, ...(duration === null ? {} : { duration }) });
  } finally {
    picture.close();
  }
}
