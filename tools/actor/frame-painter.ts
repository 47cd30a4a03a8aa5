// Paints one frame of the clip: background, shadow, the stage, the scene's light and sensor noise.
// Runs in a page.
import { createActorLayer, SAMPLES_PER_PX } from './actor-layer.ts';
import { IMAGE_HEIGHT_PX, IMAGE_WIDTH_PX, project } from './camera.ts';
import { segmentAt, type Background, type Light } from './choreography.ts';
import { drawBackground } from './scenery.ts';
import { skeletonAt } from './stage.ts';
import { seededRandom } from './texture.ts';
import type { Vec3 } from './vector.ts';

type Context = OffscreenCanvasRenderingContext2D;

/**
 * Share of the light that is left, and noise of the camera's sensor as a standard deviation in
 * 8-bit steps.
 */
const LIGHTS: Readonly<Record<Light, { tint: readonly [number, number, number]; noise: number }>> =
  {
    bright: { tint: [1, 1, 1], noise: 0 },
    dim: { tint: [0.33, 0.32, 0.38], noise: 1.5 },
  };

/**
 * A function that paints frames, by number, into the RGBA pixels it returns. It owns its canvases.
 */
export function createFramePainter(): (frame: number) => ImageData['data'] {
  const picture = createContext(1);
  const layer = createContext(SAMPLES_PER_PX);
  const stage = layer.createImageData(layer.canvas.width, layer.canvas.height);
  const drawStage = createActorLayer();
  const backgrounds = { plain: paintBackground('plain'), busy: paintBackground('busy') };

  return (frame) => {
    const { background, light } = segmentAt(frame);
    picture.drawImage(backgrounds[background], 0, 0);
    drawShadows(picture, frame);
    drawStage(frame, stage);
    layer.putImageData(stage, 0, 0);
    picture.drawImage(layer.canvas, 0, 0, IMAGE_WIDTH_PX, IMAGE_HEIGHT_PX);
    const pixels = picture.getImageData(0, 0, IMAGE_WIDTH_PX, IMAGE_HEIGHT_PX).data;
    applyLight(pixels, light, frame);
    return pixels;
  };
}

/** Soft shadows on the floor: radius in metres, and the opacity in the middle. */
const FOOT_SHADOW = { radiusM: 0.2, opacity: 0.4 };
const BODY_SHADOW = { radiusM: 0.45, opacity: 0.22 };

function drawShadows(context: Context, frame: number): void {
  const { leftFoot, rightFoot, pelvis } = skeletonAt(frame);
  drawShadow(context, leftFoot.origin, FOOT_SHADOW);
  drawShadow(context, rightFoot.origin, FOOT_SHADOW);
  drawShadow(context, pelvis.origin, BODY_SHADOW);
}

function drawShadow(
  context: Context,
  [x, , z]: Vec3,
  { radiusM, opacity }: typeof FOOT_SHADOW,
): void {
  const middle = project([x, 0, z]);
  const radiusPx = project([x + radiusM, 0, z]).xPx - middle.xPx;
  const flattening = (middle.yPx - project([x, 0, z - radiusM]).yPx) / radiusPx;
  const shadow = context.createRadialGradient(0, 0, 0, 0, 0, radiusPx);
  shadow.addColorStop(0, `rgb(20 18 16 / ${opacity})`);
  shadow.addColorStop(0.5, `rgb(20 18 16 / ${opacity * 0.5})`);
  shadow.addColorStop(1, 'rgb(20 18 16 / 0)');
  context.save();
  context.translate(middle.xPx, middle.yPx);
  context.scale(1, flattening);
  context.fillStyle = shadow;
  context.fillRect(-radiusPx, -radiusPx, 2 * radiusPx, 2 * radiusPx);
  context.restore();
}

function applyLight(pixels: ImageData['data'], light: Light, frame: number): void {
  const { tint, noise } = LIGHTS[light];
  const random = seededRandom(frame + 1);
  for (let at = 0; at < pixels.length; at += 4) {
    // The sum of two uniform numbers is close enough to a bell curve; its deviation is 1 / sqrt(6).
    const grain = noise === 0 ? 0 : (random() + random() - 1) * noise * Math.sqrt(6);
    pixels[at] = pixels[at]! * tint[0] + grain;
    pixels[at + 1] = pixels[at + 1]! * tint[1] + grain;
    pixels[at + 2] = pixels[at + 2]! * tint[2] + grain;
  }
}

function paintBackground(background: Background): OffscreenCanvas {
  const context = createContext(1);
  drawBackground(context, background);
  return context.canvas;
}

function createContext(scale: number): Context {
  const canvas = new OffscreenCanvas(IMAGE_WIDTH_PX * scale, IMAGE_HEIGHT_PX * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser has no Canvas 2D.');
  return context;
}
