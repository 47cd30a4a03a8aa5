// A reader for uncompressed 24-bit BMP photographs, which need no decoder.

/** A photograph. */
export interface Bmp {
  width: number;
  height: number;
  /** Nearest pixels at that size, row by row from the top, as blue, green, red of 0..255. */
  resizeToBgr: (width: number, height: number) => Float32Array;
}

const BYTES_PER_PIXEL = 3;

/** Rows start at multiples of four bytes. */
const ROW_ALIGNMENT = 4;

/** Reads a BMP whose rows run from the bottom up. Throws when it is of another kind. */
export function readBmp(bytes: Buffer): Bmp {
  const [start, width, height] = [10, 18, 22].map((at) => bytes.readInt32LE(at)) as [
    number,
    number,
    number,
  ];
  if (bytes.toString('ascii', 0, 2) !== 'BM' || bytes.readUInt16LE(28) !== 24 || height < 0) {
    throw new Error('Not a 24-bit BMP from the bottom up.');
  }
  const rowBytes = Math.ceil((width * BYTES_PER_PIXEL) / ROW_ALIGNMENT) * ROW_ALIGNMENT;
  const resizeToBgr = (newWidth: number, newHeight: number) => {
    const values = new Float32Array(newWidth * newHeight * BYTES_PER_PIXEL);
    return values.map((_, at) => {
      const pixel = Math.floor(at / BYTES_PER_PIXEL);
      const x = Math.floor(((pixel % newWidth) * width) / newWidth);
      const y = Math.floor((Math.floor(pixel / newWidth) * height) / newHeight);
      const row = start + (height - 1 - y) * rowBytes;
      return bytes.readUInt8(row + x * BYTES_PER_PIXEL + (at % BYTES_PER_PIXEL));
    });
  };
  return { width, height, resizeToBgr };
}
