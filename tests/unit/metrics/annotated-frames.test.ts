import { describe, expect, it } from 'vitest';
import { framesOfClip, framesOfPictures } from '../../../src/lib/metrics/annotated-frames.ts';
import type { AnnotatedClip } from '../../../src/lib/metrics/annotated-frames.ts';
import { CocoAnnotationsError } from '../../../src/lib/metrics/coco-annotations.ts';
import type { AnnotatedImage } from '../../../src/lib/metrics/coco-annotations.ts';
import { annotatedPerson } from './annotated-people.ts';

const CLIP = { frameCount: 10, widthPx: 640, heightPx: 480 };
const UNNUMBERED = 'clip.mp4';

/** Images with what is given of each, in order. */
function images(...parts: readonly Partial<AnnotatedImage>[]): AnnotatedImage[] {
  return parts.map((part, i) => ({
    id: i,
    fileName: UNNUMBERED,
    frameIndex: null,
    frameId: null,
    widthPx: null,
    heightPx: null,
    people: [annotatedPerson(i)],
    ...part,
  }));
}

function named(...fileNames: readonly string[]): AnnotatedImage[] {
  return images(...fileNames.map((fileName) => ({ fileName })));
}

function indicesOf(annotated: readonly AnnotatedImage[], clip: AnnotatedClip = CLIP): number[] {
  return framesOfClip(annotated, clip).map(({ index }) => index);
}

describe('framesOfPictures', () => {
  it('goes by name, in the order of the annotations, and leaves out what is not there', () => {
    const annotated = named('b.jpg', 'x.jpg', 'a.jpg');
    expect(framesOfPictures(annotated, ['a.jpg', 'b.jpg', 'c.jpg'])).toEqual([
      { index: 1, people: annotated[0]?.people },
      { index: 0, people: annotated[2]?.people },
    ]);
  });
});

describe('framesOfClip', () => {
  it('keeps the order of the images, and who is in them', () => {
    const annotated = images({ frameIndex: 7 }, { frameIndex: 2, people: [] });
    expect(framesOfClip(annotated, CLIP)).toEqual([
      { index: 7, people: annotated[0]?.people },
      { index: 2, people: [] },
    ]);
  });

  it.each([
    ['frame_index, from 0', images({ frameIndex: 3 }, { frameIndex: 9 }), [3, 9]],
    ['frame_index before anything else', images({ frameIndex: 3, frameId: 1 }), [3]],
    ['frame_id', images({ frameId: 0 }, { frameId: 5 }), [0, 5]],
    ['frame_id before the name', images({ frameId: 0, fileName: '7.jpg' }), [0]],
    ['what all have', images({ frameIndex: 4, frameId: 1 }, { frameId: 3 }), [0, 2]],
    ['numbers from 0', named('000000.jpg', '000004.jpg'), [0, 4]],
    ['numbers from 1', named('img_01.png', 'img_10.png'), [0, 9]],
    ['the last number', named('cam2/take_3_frame_0.jpg', 'cam2/take_3_frame_2.jpg'), [0, 2]],
    ['a number before words', named('frame-0-left.jpg', 'frame-1-left.jpg'), [0, 1]],
    ['no extension', named('frame 0', 'frame 9'), [0, 9]],
    [
      'as many as there are',
      images({ frameId: 10_003_420_000 }, { frameId: 10_003_420_009 }),
      [0, 9],
    ],
  ])('numbers frames by %s', (_, annotated, indices) => {
    expect(indicesOf(annotated)).toEqual(indices);
  });

  it.each([
    ['no number', named('left.jpg', 'right.jpg'), /does not say which image is which frame/],
    ['a number of the folder', named('take0/left.jpg', 'take1/right.jpg'), /does not say which/],
    ['one name for all', images({}, {}), /does not say which image is which frame/],
    ['the number of a codec', named('h264.mp4', 'h264.mp4'), /from 264, so it is not known which/],
    ['twice the same frame', images({ frameIndex: 2 }, { frameIndex: 2 }), /one image for frame 2/],
    ['two clips', named('a/000.jpg', 'b/000.jpg'), /more than one image for frame 0/],
    ['a start that is not known', named('0030.jpg', '0034.jpg'), /from 30, so it is not known/],
    [
      'a frame beyond the end',
      images({ frameIndex: 10 }),
      /frame 10 \(from 0\) of a clip that has 10/,
    ],
    ['another clip', named('0.jpg', '10.jpg'), /belongs to another clip/],
    ['another width', images({ frameIndex: 0, widthPx: 480, heightPx: 480 }), /480 × 480 px/],
    ['another height', images({ frameIndex: 0, heightPx: 640 }), /640 × 640 px.*have 640 × 480/],
  ])('refuses %s', (_, annotated, sentence) => {
    expect(() => indicesOf(annotated)).toThrow(CocoAnnotationsError);
    expect(() => indicesOf(annotated)).toThrow(sentence);
  });

  it('takes the size that is meant, and any frame of a clip whose length is not known', () => {
    const annotated = images({ frameIndex: 5000, widthPx: 640, heightPx: 480 });
    expect(indicesOf(annotated, { ...CLIP, frameCount: null })).toEqual([5000]);
  });
});
