import { describe, expect, it, test } from 'vitest';
import { targets } from '../../../src/lib/models/catalogue.ts';
import { findRemoteAddress } from '../../../src/lib/models/remote-files.ts';
import { archiveEntryOf, isRemote, requestPathOf } from '../../../src/lib/models/remote-path.ts';

const remoteUrls = targets.flatMap(({ files }) => files.map(({ url }) => url)).filter(isRemote);

describe('the path of a file on our own origin', () => {
  test.each([
    ['/models/blazepose-lite.task', '/models/blazepose-lite.task'],
    ['https://a.example/b/c.onnx?d=e', '/models/remote/a.example/b/c.onnx'],
    ['https://a.example:8443/b.zip#c/d.onnx', '/models/remote/a.example:8443/b.zip'],
  ])('of %s is %s', (url, path) => expect(requestPathOf(url)).toBe(path));

  test('is another one for every address of the catalogue', () => {
    const distinct = new Set(remoteUrls);
    expect(new Set([...distinct].map(requestPathOf)).size).toBe(distinct.size);
  });
});

test('a fragment names the file in an archive', () => {
  expect(archiveEntryOf('https://a.example/b.zip#c/d%20e.onnx')).toBe('c/d e.onnx');
  expect(archiveEntryOf('https://a.example/b.onnx')).toBeNull();
  expect(archiveEntryOf('/models/b.onnx')).toBeNull();
});

describe('what may be relayed', () => {
  it('is every public address of the catalogue, without the fragment', () => {
    expect(remoteUrls.length).toBeGreaterThan(20);
    for (const url of remoteUrls) {
      expect(findRemoteAddress(requestPathOf(url))).toBe(url.split('#')[0]);
    }
  });

  test.each([
    '/models/remote/localhost/secret',
    '/models/remote/tfhub.dev/',
    '/models/remote/huggingface.co/Xenova/yolov8-pose-onnx/resolve/main/yolov8s-pose.onnx',
    '/models/remote/huggingface.co/Xenova/x/../yolov8-pose-onnx/resolve/main/yolov8n-pose.onnx',
    '/models/blazepose-lite.task',
  ])('is not %s', (path) => expect(findRemoteAddress(path)).toBeNull());
});
