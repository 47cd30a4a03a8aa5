// The two backgrounds, drawn with Canvas 2D: a bare studio and a furnished room. Nothing in them
// resembles a person. The actor, its shadow and the sideboard before it are not here.
import { IMAGE_HEIGHT_PX, IMAGE_WIDTH_PX, project } from './camera.ts';
import type { Background } from './choreography.ts';
import { shade, seededRandom } from './texture.ts';

type Context = OffscreenCanvasRenderingContext2D;

/** The back wall stands this far behind the middle mark, in metres. */
const WALL_Z_M = -3;
const CEILING_M = 3.4;

/** Draws a background over the whole picture (clip pixels). */
export function drawBackground(context: Context, background: Background): void {
  if (background === 'plain') drawStudio(context);
  else drawRoom(context);
}

function drawStudio(context: Context): void {
  const floorLine = project([0, 0, WALL_Z_M]).yPx;
  const wall = context.createLinearGradient(0, 0, 0, floorLine);
  wall.addColorStop(0, '#b9c0c4');
  wall.addColorStop(0.75, '#cfd4d6');
  wall.addColorStop(1, '#c3c8ca');
  context.fillStyle = wall;
  context.fillRect(0, 0, IMAGE_WIDTH_PX, IMAGE_HEIGHT_PX);
  const floor = context.createLinearGradient(0, floorLine - 24, 0, IMAGE_HEIGHT_PX);
  floor.addColorStop(0, '#c3c8ca');
  floor.addColorStop(0.25, '#b4b9bb');
  floor.addColorStop(1, '#a0a6a9');
  context.fillStyle = floor;
  context.fillRect(0, floorLine - 24, IMAGE_WIDTH_PX, IMAGE_HEIGHT_PX);
}

function drawRoom(context: Context): void {
  drawWallpaper(context);
  drawFloorboards(context);
  drawRug(context);
  drawShelf(context);
  drawWindow(context);
  drawPicture(context, 0.62, 1.02, '#3f5a6d', '#d9a441');
  drawPicture(context, 0.62, 0.62, '#7a4c3a', '#a7bfae');
  drawPlant(context);
}

/** Fills a rectangle on the back wall; metres from the middle and above the floor. */
function wallRect(
  context: Context,
  leftM: number,
  bottomM: number,
  widthM: number,
  heightM: number,
  colour: string,
): void {
  const low = project([leftM, bottomM, WALL_Z_M]);
  const high = project([leftM + widthM, bottomM + heightM, WALL_Z_M]);
  context.fillStyle = colour;
  context.fillRect(low.xPx, high.yPx, high.xPx - low.xPx, low.yPx - high.yPx);
}

function drawWallpaper(context: Context): void {
  wallRect(context, -2, 0, 4, CEILING_M + 1, '#c9bfa6');
  const stripeM = 0.11;
  for (let x = -2; x < 2; x += 2 * stripeM) {
    wallRect(context, x, 0, stripeM, CEILING_M + 1, '#b8ad92');
    for (let y = 0.2; y < CEILING_M; y += 0.22) {
      wallRect(context, x + stripeM * 1.35, y, 0.032, 0.06, '#a2957a');
    }
  }
  wallRect(context, -2, 0, 4, 0.14, '#e6e0d2');
}

function drawFloorboards(context: Context): void {
  const random = seededRandom(11);
  const boardM = 0.24;
  const nearM = 2.2;
  for (let x = -3; x < 3; x += boardM) {
    const corners = [
      project([x, 0, WALL_Z_M]),
      project([x + boardM, 0, WALL_Z_M]),
      project([x + boardM, 0, nearM]),
      project([x, 0, nearM]),
    ];
    fillPolygon(context, corners, shade([140, 100, 66], 0.86 + 0.28 * random()));
  }
}

function drawRug(context: Context): void {
  const bands = ['#7d3d35', '#c49a5a', '#7d3d35', '#39505c', '#7d3d35'];
  bands.forEach((colour, index) => {
    const inset = index * 0.09;
    const corners = [
      project([-1.3 + inset, 0, -1.2 + inset]),
      project([1.3 - inset, 0, -1.2 + inset]),
      project([1.3 - inset, 0, 0.7 - inset]),
      project([-1.3 + inset, 0, 0.7 - inset]),
    ];
    fillPolygon(context, corners, colour);
  });
}

function drawShelf(context: Context): void {
  const random = seededRandom(5);
  const [left, width, top] = [-1.5, 0.95, 1.82];
  wallRect(context, left, 0, width, top, '#5b4331');
  const boardM = 0.43;
  for (let bottom = 0.06; bottom + boardM - 0.04 < top; bottom += boardM) {
    wallRect(context, left + 0.04, bottom, width - 0.08, boardM - 0.04, '#3a2a1f');
    let x = left + 0.05;
    while (x < left + width - 0.1) {
      const thickM = 0.025 + 0.035 * random();
      const tallM = 0.22 + 0.14 * random();
      const palette: readonly (readonly [number, number, number])[] = [
        [166, 60, 52],
        [54, 92, 120],
        [208, 178, 96],
        [70, 112, 84],
        [216, 208, 190],
        [110, 72, 110],
      ];
      const colour = palette[Math.floor(random() * palette.length)] ?? [200, 200, 200];
      wallRect(context, x, bottom, thickM, tallM, shade(colour, 0.8 + 0.3 * random()));
      wallRect(context, x + thickM * 0.25, bottom + tallM * 0.7, thickM * 0.5, 0.03, '#e8dfc6');
      x += thickM + (random() < 0.12 ? 0.09 : 0.004);
    }
  }
}

function drawWindow(context: Context): void {
  const [left, bottom, width, height] = [-0.36, 1.25, 0.82, 1.15];
  wallRect(context, left - 0.06, bottom - 0.06, width + 0.12, height + 0.12, '#efeadd');
  wallRect(context, left, bottom, width, height, '#a9c8dd');
  wallRect(context, left, bottom, width, height * 0.38, '#7f9f74');
  wallRect(context, left + width * 0.48, bottom, width * 0.05, height, '#efeadd');
  wallRect(context, left, bottom + height * 0.52, width, 0.04, '#efeadd');
  wallRect(context, left - 0.12, bottom - 0.1, width + 0.24, 0.05, '#e2dccb');
}

function drawPicture(
  context: Context,
  leftM: number,
  bottomM: number,
  ground: string,
  accent: string,
): void {
  wallRect(context, leftM, bottomM, 0.46, 0.33, '#2c2621');
  wallRect(context, leftM + 0.03, bottomM + 0.03, 0.4, 0.27, '#f1ece0');
  wallRect(context, leftM + 0.07, bottomM + 0.065, 0.32, 0.2, ground);
  wallRect(context, leftM + 0.07, bottomM + 0.065, 0.32, 0.07, accent);
}

function drawPlant(context: Context): void {
  const random = seededRandom(23);
  const potXM = 1.2;
  wallRect(context, potXM - 0.14, 0, 0.28, 0.3, '#a4583c');
  wallRect(context, potXM - 0.16, 0.27, 0.32, 0.06, '#b9684a');
  const root = project([potXM, 0.32, WALL_Z_M]);
  for (let leaf = 0; leaf < 26; leaf++) {
    const angle = -Math.PI / 2 + (random() - 0.5) * 2;
    const lengthPx = 60 + 70 * random();
    context.save();
    context.translate(root.xPx, root.yPx);
    context.rotate(angle);
    context.fillStyle = shade([74, 122, 70], 0.6 + 0.6 * random());
    context.beginPath();
    context.ellipse(lengthPx / 2, 0, lengthPx / 2, 6 + 5 * random(), 0, 0, 2 * Math.PI);
    context.fill();
    context.restore();
  }
}

function fillPolygon(
  context: Context,
  corners: readonly { readonly xPx: number; readonly yPx: number }[],
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  for (const { xPx, yPx } of corners) context.lineTo(xPx, yPx);
  context.fill();
}
