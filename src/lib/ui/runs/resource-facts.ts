// What a run used of the device, as facts, each with the method by which it was measured.
import type { CpuMethod, MemoryMethod, PressureState } from '../../benchmark/resources.ts';
import { formatFigure, formatPercent } from '../format.ts';
import type { Fact } from './facts.ts';
import { formatChange } from './format-range.ts';
import type { ResourceFigures } from './run-findings.ts';
import { reasonFor } from './run-view.ts';
import type { RunView } from './run-view.ts';

const BYTES_PER_MB = 1e6;

const cpuMethods: Readonly<Record<CpuMethod, string>> = {
  'browser-process-cpu-time':
    'CPU time of all of the browser’s processes, as Chromium accounts for them.',
};

const memoryMethods: Readonly<Record<MemoryMethod, string>> = {
  'user-agent-specific-memory':
    'What this page’s JavaScript and WebAssembly hold, as Chromium tells it; sampled outside the timed part, so a peak in between is not seen.',
  'browser-process-rss':
    'Resident memory of the browser’s processes, added up; what they share counts in each.',
};

const pressures: Readonly<Record<PressureState, string>> = {
  nominal: 'nominal (calm)',
  fair: 'fair (busy, but well)',
  serious: 'serious (near its limit)',
  critical: 'critical (overheating or overloaded)',
};

/** CPU, memory and pressure. */
export function resourceFacts(run: RunView): readonly Fact[] {
  const resources = run.findings?.resources;
  if (!resources) {
    return [{ label: 'CPU, memory, pressure', value: null, note: reasonFor(run, 'resources') }];
  }
  return [
    ...cpuFacts(run, resources),
    ...memoryFacts(run, resources),
    heapFact(run, resources),
    pressureFact(run, 'CPU pressure before', 'pressureBefore', resources.pressureBefore),
    pressureFact(run, 'CPU pressure during', 'pressureDuring', resources.pressureDuring),
  ];
}

function cpuFacts(run: RunView, resources: ResourceFigures): readonly Fact[] {
  const { cpuUtilization, machineUtilization, cpuSeconds, cpuMethod } = resources;
  const method = cpuMethod ? cpuMethods[cpuMethod] : undefined;
  return [
    fact(run, 'CPU of one core', 'cpuUtilization', {
      value: cpuUtilization === null ? null : formatPercent(cpuUtilization),
      unit: '%',
      note: method,
    }),
    fact(run, 'CPU of the machine', 'resources.machineUtilization', {
      value: machineUtilization === null ? null : formatPercent(machineUtilization),
      unit: '%',
    }),
    fact(run, 'CPU time', 'resources.cpuSeconds', {
      value: cpuSeconds === null ? null : formatFigure(cpuSeconds),
      unit: 's',
    }),
  ];
}

function memoryFacts(run: RunView, resources: ResourceFigures): readonly Fact[] {
  const { peakMemoryBytes, memoryDeltaBytes, memoryMethod } = resources;
  return [
    fact(run, 'Peak memory', 'peakMemoryBytes', {
      value: peakMemoryBytes === null ? null : formatFigure(peakMemoryBytes / BYTES_PER_MB),
      unit: 'MB',
      note: memoryMethod ? memoryMethods[memoryMethod] : undefined,
    }),
    fact(run, 'Memory growth', 'memoryDeltaBytes', {
      value: memoryDeltaBytes === null ? null : formatChange(memoryDeltaBytes / BYTES_PER_MB),
      unit: 'MB',
      note: 'From before the model was loaded to after the last frame.',
    }),
  ];
}

function heapFact(run: RunView, { wasmHeapBytes }: ResourceFigures): Fact {
  return fact(run, 'WebAssembly heap', 'resources.wasmHeapBytes', {
    value: wasmHeapBytes === null ? null : formatFigure(wasmHeapBytes / BYTES_PER_MB),
    unit: 'MB',
    note: 'Linear memory of the engine after the last frame; it never shrinks.',
  });
}

function pressureFact(
  run: RunView,
  label: string,
  name: string,
  state: PressureState | null,
): Fact {
  return fact(run, label, `resources.${name}`, { value: state && pressures[state] });
}

/** The row of a figure, whose remark gives way to the reason where it is not known. */
function fact(run: RunView, label: string, path: string, known: Omit<Fact, 'label'>): Fact {
  return known.value === null
    ? { label, value: null, note: reasonFor(run, path) }
    : { label, ...known };
}
