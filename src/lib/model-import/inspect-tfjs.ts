// A TensorFlow.js graph model: a JSON file that names the files with its weights; BlazePose has two.
import { ModelImportError } from './import-error.ts';
import { reading, unfitting } from './inspect-network.ts';
import type { ImportedFile, InspectedModel } from './inspected-model.ts';
import {
  isBlazeposeDetector,
  isBlazeposeLandmarks,
  proposeBlazepose,
  proposeTfjs,
} from './propose-tfjs.ts';
import { readTfjs } from './read-tfjs.ts';
import type { TfjsGraph } from './read-tfjs.ts';

/** The name under which engines look for a graph, whatever its file is called. */
const GRAPH_FILE = 'model.json';

/** A graph that has been read, and all of its files. */
type LoadedGraph = {
  readonly fileName: string;
  readonly graph: TfjsGraph;
  readonly files: readonly ImportedFile[];
};

/**
 * Reads the JSON files among the given ones, and their shards, which lie in the same folders. Throws a
 * ModelImportError when one is missing or damaged, when two cannot be told apart, or when pose-detection has no
 * such model.
 */
export async function inspectTfjs(files: readonly File[]): Promise<InspectedModel> {
  refuseNamesakes(files);
  const topologies = files.filter(({ name }) => name.endsWith('.json'));
  const loaded = await Promise.all(topologies.map((file) => loadGraph(file, files)));
  const [first, second] = loaded;
  if (!first || loaded.length > 2) {
    throw new ModelImportError(
      `The files have ${loaded.length} JSON files, but a TensorFlow.js model has one, and BlazePose two. Choose the files of one model.`,
    );
  }
  return second ? inspectPair(first, second) : inspectSingle(first);
}

function inspectSingle({ fileName, graph, files }: LoadedGraph): InspectedModel {
  if (isBlazeposeDetector(graph) || isBlazeposeLandmarks(graph)) {
    throw new ModelImportError(
      `${fileName} is one of the two networks of BlazePose, which needs both. Choose a folder that has the folders of its detector and of its landmarks.`,
    );
  }
  const proposals = proposeTfjs(graph);
  if (proposals.length === 0) throw unfitting(fileName, graph);
  return inspected(graph, proposals, files);
}

function inspectPair(first: LoadedGraph, second: LoadedGraph): InspectedModel {
  const pair = [first, second];
  const detector = pair.find(({ graph }) => isBlazeposeDetector(graph));
  const landmarks = pair.find(({ graph }) => isBlazeposeLandmarks(graph));
  if (!detector || !landmarks) {
    throw new ModelImportError(
      `${first.fileName} and ${second.fileName} are not the detector and the landmarks of BlazePose. Import other models one at a time.`,
    );
  }
  return inspected(
    landmarks.graph,
    [proposeBlazepose(landmarks.graph)],
    [...inFolder('detector', detector.files), ...inFolder('landmarks', landmarks.files)],
  );
}

function inspected(
  { inputs, outputs }: TfjsGraph,
  proposals: InspectedModel['proposals'],
  files: readonly ImportedFile[],
): InspectedModel {
  return { inputs, outputs, format: 'tfjs', engine: 'tfjs', proposals, files };
}

function inFolder(folder: string, files: readonly ImportedFile[]): ImportedFile[] {
  return files.map(({ name, contents }) => ({ name: `${folder}/${name}`, contents }));
}

async function loadGraph(topology: File, files: readonly File[]): Promise<LoadedGraph> {
  const fileName = pathOf(topology);
  const folder = fileName.slice(0, fileName.lastIndexOf('/') + 1);
  const contents = await bytesOf(topology);
  const graph = reading(fileName, () => readTfjs(contents));
  const shards = await Promise.all(
    graph.shards.map(async (name) => {
      const file = files.find((each) => pathOf(each) === folder + name);
      if (!file) throw missingShard(fileName, name);
      return { name, contents: await bytesOf(file) };
    }),
  );
  const shardBytes = shards.reduce((sum, shard) => sum + shard.contents.byteLength, 0);
  const isWhole = graph.hasUnsizedWeights
    ? shardBytes >= graph.weightBytes
    : shardBytes === graph.weightBytes;
  if (!isWhole) {
    throw new ModelImportError(
      `${fileName} could not be imported because its shards are cut off or those of another model: they have ${shardBytes} bytes instead of ${graph.weightBytes}. Choose the JSON file together with its own shards, or fetch or convert it again.`,
    );
  }
  return { fileName, graph, files: [{ name: GRAPH_FILE, contents }, ...shards] };
}

/** Files chosen without their folders may be called the same, and then nobody knows whose shards are whose. */
function refuseNamesakes(files: readonly File[]): void {
  const paths = files.map(pathOf);
  const namesake = paths.find((path, index) => paths.indexOf(path) !== index);
  if (namesake === undefined) return;
  throw new ModelImportError(
    `The files could not be imported because two of them are called ${namesake}, so that they cannot be told apart. Choose a folder that has the folders of both instead.`,
  );
}

function missingShard(fileName: string, shard: string): ModelImportError {
  return new ModelImportError(
    `${fileName} could not be imported because ${shard}, which holds a part of its weights, is missing. Choose the JSON file together with all of its shards.`,
  );
}

/** With its folders, where the browser tells them: when a folder was chosen or dropped. */
function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}
