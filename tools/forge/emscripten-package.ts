// Takes single files out of an emscripten file package: a `.data` blob of concatenated files and the
// generated `_loader.js` that lists their offsets. The loader is parsed as text and never executed.
import * as v from 'valibot';
import { ForgeError } from './forge-error.ts';

/** An emscripten file package as it lies on disk. */
export interface EmscriptenPackage {
  /** File name of the data, for error messages only. */
  name: string;
  data: Uint8Array;
  /** Text of the `_loader.js`. */
  loaderSource: string;
}

const byteOffset = v.pipe(v.number(), v.integer(), v.minValue(0));

const listingSchema = v.object({
  files: v.array(v.object({ filename: v.string(), start: byteOffset, end: byteOffset })),
  remote_package_size: byteOffset,
});
type Listing = v.InferOutput<typeof listingSchema>;

/**
 * The JSON argument of the loader's closing call, `loadPackage({...});`, as written by emscripten's
 * tools/file_packager.py. The definition, `loadPackage = function(metadata)`, does not match.
 */
const LISTING_CALL = /\bloadPackage\((\{[\s\S]*?\})\);/;

/**
 * Returns the bytes of the file listed under `path`, as a view into the package's data. Throws a
 * ForgeError when the loader is of another kind, contradicts the data's size, or lacks the file.
 */
export function extractPackagedFile(source: EmscriptenPackage, path: string): Uint8Array {
  const listing = parseListing(source);
  const { byteLength } = source.data;
  if (listing.remote_package_size !== byteLength) {
    throw new ForgeError(
      `${source.name} has ${byteLength} bytes but its loader expects ${listing.remote_package_size}, so ` +
        'it is damaged or mixed from two versions; reinstall its package with `npm ci`.',
    );
  }
  const file = listing.files.find(({ filename }) => filename === path);
  if (!file || file.start >= file.end || file.end > byteLength) {
    throw new ForgeError(
      `${source.name} cannot be used because its loader gives no valid place for ${path}; reinstall ` +
        'its package with `npm ci`.',
    );
  }
  return source.data.subarray(file.start, file.end);
}

function parseListing({ name, loaderSource }: EmscriptenPackage): Listing {
  const json = LISTING_CALL.exec(loaderSource)?.[1];
  if (json !== undefined) {
    const listing = v.safeParse(v.pipe(v.string(), v.parseJson(), listingSchema), json);
    if (listing.success) return listing.output;
  }
  throw new ForgeError(
    `${name} cannot be used because its loader has no \`loadPackage({"files": …})\` call as emscripten ` +
      'writes it; reinstall its package with `npm ci`.',
  );
}
