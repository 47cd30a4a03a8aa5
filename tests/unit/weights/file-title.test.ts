import { expect, test } from 'vitest';
import { fileTitle } from '../../../src/lib/weights/file-title.ts';

test.each([
  ['/models/blazepose-lite.task', 'blazepose-lite.task'],
  ['https://a.example/b/net%201.zip#end2end.onnx', 'net 1.zip'],
  ['https://a.example/b/model.json?tfjs-format=file', 'model.json'],
  [
    'https://tfhub.dev/lightning/tflite/float16/4?lite-format=tflite',
    'tfhub.dev/lightning/tflite/float16/4',
  ],
  ['imported:ba7816bf', 'The model'],
])('%s is called %s', (url, title) => expect(fileTitle(url)).toBe(title));
