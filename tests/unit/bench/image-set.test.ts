import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImageSet } from '../../../bench/image-set.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const person = {
  id: 1,
  image_id: 1,
  category_id: 1,
  keypoints: Array<number>(51).fill(2),
  num_keypoints: 17,
  area: 100,
  bbox: [0, 0, 10, 10],
  iscrowd: 0,
};

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

function annotationsOf(fileNames: readonly string[], annotations: readonly unknown[] = [person]) {
  const path = join(temporaryFolder(), 'truth.json');
  const images = fileNames.map((file_name, i) => ({ id: i + 1, file_name }));
  writeFileSync(path, JSON.stringify({ images, annotations }));
  return path;
}

describe('readImageSet', () => {
  it('takes the pictures in a folder, and nothing else', () => {
    const folder = folderWith('a.jpg', 'B.JPEG', 'c.png', 'd.webp', 'e.bmp', 'f.gif', 'notes.txt');
    mkdirSync(join(folder, 'g.jpg'));
    const { paths, truth } = readImageSet(folder, null);
    const names = ['a.jpg', 'B.JPEG', 'c.png', 'd.webp', 'e.bmp'];
    expect(new Set(paths)).toEqual(new Set(names.map((name) => join(folder, name))));
    expect(truth).toBeNull();
  });

  it('takes who is in them; pictures may be left without annotations', () => {
    const { paths, truth } = readImageSet(
      folderWith('a.jpg', 'b.jpg', 'c.jpg'),
      annotationsOf(['a.jpg', 'b.jpg']),
    );
    expect(paths).toHaveLength(3);
    expect(truth?.map(({ fileName, people }) => [fileName, people.length])).toEqual([
      ['a.jpg', 1],
      ['b.jpg', 0],
    ]);
  });

  it('names the annotated pictures that are missing', () => {
    const folder = folderWith('a.jpg');
    expect(() => readImageSet(folder, annotationsOf(['a.jpg', 'b.jpg']))).toThrow(
      /it has no b\.jpg\. Give --images/,
    );
    expect(() => readImageSet(folder, annotationsOf(['b.jpg', 'c.jpg', 'a.jpg']))).toThrow(
      /it has no b\.jpg and 1 more\..*all 3/,
    );
  });

  it('refuses one name for several images', () => {
    const folder = folderWith('a.jpg');
    expect(() => readImageSet(folder, annotationsOf(['a.jpg', 'a.jpg']))).toThrow(
      /one file for several images/,
    );
  });

  it.each([
    ['is not there', () => 'missing.json', /missing\.json cannot be read \(ENOENT\)/],
    ['is not JSON', () => fileOf('{"images":'), /the file is not JSON\. Give --annotations/],
    ['is another format', () => fileOf('{"shapes": []}'), /the file is not in COCO format/],
    [
      'has nobody',
      () => annotationsOf(['a.jpg'], []),
      /the file has no people annotated with COCO's 17/,
    ],
  ])('says what is wrong with a file that %s', (_, make, sentence) => {
    expect(() => readImageSet(folderWith('a.jpg'), make())).toThrow(sentence);
  });

  function fileOf(content: string): string {
    const path = join(temporaryFolder(), 'truth.json');
    writeFileSync(path, content);
    return path;
  }

  it.each([
    ['is not there', () => join(temporaryFolder(), 'missing'), /cannot be read \(ENOENT\)/],
    ['is a file', () => import.meta.filename, /cannot be read \(ENOTDIR\)/],
    ['is empty', () => temporaryFolder(), /has no pictures \(\.jpg/],
  ])('says what is wrong with a folder that %s', (_, make, sentence) => {
    expect(() => readImageSet(make(), null)).toThrow(sentence);
  });
});
