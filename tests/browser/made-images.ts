// Pictures for tests, made in the browser: encoded by it, or written byte by byte where it cannot.

/** A colour of three channels, 0…255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A picture of this size whose left half has the first colour and whose right half the second. */
export async function halves(
  name: string,
  type: 'image/jpeg' | 'image/png' | 'image/webp',
  { width, height, left, right }: { width: number; height: number; left: Rgb; right: Rgb },
): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('There is no 2-D canvas.');
  for (const [colour, x] of [[left, 0] as const, [right, width / 2] as const]) {
    context.fillStyle = `rgb(${colour.join(' ')})`;
    context.fillRect(x, 0, width / 2, height);
  }
  const blob = await canvas.convertToBlob({ type, quality: 1 });
  if (blob.type !== type) throw new Error(`This browser does not write ${type}.`);
  return new File([blob], name, { type });
}

/** A PNG without a visible pixel. */
export async function transparentPng(name: string): Promise<File> {
  const canvas = new OffscreenCanvas(8, 8);
  canvas.getContext('2d');
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name);
}

/** The same halves as an uncompressed 24-bit BMP, which browsers read but do not write. */
export function halvesBmp(
  name: string,
  { width, height, left, right }: { width: number; height: number; left: Rgb; right: Rgb },
): File {
  const headerBytes = 54;
  const rowBytes = Math.ceil((3 * width) / 4) * 4;
  const bytes = new Uint8Array(headerBytes + rowBytes * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.byteLength, true);
  view.setUint32(10, headerBytes, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      bytes.set((x < width / 2 ? left : right).toReversed(), headerBytes + y * rowBytes + 3 * x);
    }
  }
  return new File([bytes], name);
}

/** The JPEG with an EXIF orientation (TIFF 6.0 tag 274: 6 is a quarter turn clockwise to be upright). */
export async function withOrientation(jpeg: File, orientation: number): Promise<File> {
  const exif = new Uint8Array(36);
  const view = new DataView(exif.buffer);
  view.setUint16(0, 0xffe1); // APP1
  view.setUint16(2, exif.byteLength - 2);
  exif.set(new TextEncoder().encode('Exif'), 4);
  view.setUint16(10, 0x4d4d); // big-endian TIFF
  view.setUint16(12, 42);
  view.setUint32(14, 8); // the directory follows
  view.setUint16(18, 1); // one entry
  view.setUint16(20, 274);
  view.setUint16(22, 3); // a short
  view.setUint32(24, 1);
  view.setUint16(28, orientation);
  const bytes = new Uint8Array(await jpeg.arrayBuffer());
  return new File([bytes.subarray(0, 2), exif, bytes.subarray(2)], jpeg.name);
}
