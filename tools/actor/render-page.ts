// The page side of the renderer: paints frames and posts their raw pixels back to the tool.
import { createFramePainter } from './frame-painter.ts';

/**
 * Paints the frames from first to last (inclusive) and posts each as RGBA bytes to /frame/<number>.
 */
export async function paintFrames(first: number, last: number): Promise<void> {
  const paint = createFramePainter();
  for (let frame = first; frame <= last; frame++) {
    const pixels = new Uint8Array(paint(frame));
    const response = await fetch(`/frame/${frame}`, { method: 'POST', body: pixels });
    if (!response.ok) throw new Error(`Frame ${frame} was refused: ${await response.text()}`);
  }
}
