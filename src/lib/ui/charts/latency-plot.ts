// The uPlot chart of latency over time: a dot per frame, the median, the windows' edges, and at the top
// edge a triangle for every frame above the scale. The component around it owns the words.
import uPlot from 'uplot';
import type { ChartColours } from './chart-colours.ts';
import type { LatencySeries } from './latency-series.ts';

/** What the chart shows; `p50Ms` is the run's own figure. */
export type LatencyPlotData = { readonly series: LatencySeries; readonly p50Ms: number | null };

/** A chart on a page. Call `destroy` when its host goes. */
export type LatencyPlot = {
  show(data: LatencyPlotData): void;
  resize(widthPx: number): void;
  recolour(colours: ChartColours): void;
  destroy(): void;
};

/** What a plot is made with. */
export type LatencyPlotOptions = {
  readonly host: HTMLElement;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: LatencyPlotData;
  readonly colours: ChartColours;
  /** Told the position of the frame under the pointer in the series; null when it leaves. */
  readonly onPoint: (index: number | null) => void;
};

const POINT_PX = 4;
const HOVERED_POINT_PX = 9;
const TRIANGLE_PX = 5;
/** Windows that are narrower, in CSS px, are not told apart. */
const MIN_WINDOW_PX = 8;
/** Room above the highest dot, as a share of the scale. */
const HEADROOM = 0.08;
/** Dots overlap: where many lie, the colour adds up. */
const POINT_OPACITY = 0.7;
const MEDIAN_DASH_PX = [5, 4];
const Y_AXIS_PX = 56;
const X_AXIS_PX = 32;
const LABEL_PX = 18;
const TICK_PX = 4;

/** Draws the chart into `host`. */
export function createLatencyPlot(options: LatencyPlotOptions): LatencyPlot {
  const { host, widthPx, heightPx, onPoint } = options;
  let { data, colours } = options;
  const style = getComputedStyle(host);
  const font = `${style.fontSize} ${style.fontFamily}`;

  const axis: uPlot.Axis = {
    stroke: () => colours.textQuiet,
    font,
    labelFont: font,
    labelSize: LABEL_PX,
    ticks: { stroke: () => colours.line, width: 1, size: TICK_PX },
  };
  const plot = new uPlot(
    {
      width: widthPx,
      height: heightPx,
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: {
          size: HOVERED_POINT_PX,
          width: 2,
          fill: () => colours.mark,
          stroke: () => colours.text,
        },
      },
      scales: {
        x: { time: false, range: () => [0, Math.max(data.series.endS, Number.MIN_VALUE)] },
        y: { range: () => [0, (data.series.ceilingMs || 1) * (1 + HEADROOM)] },
      },
      axes: [
        { ...axis, label: 'Run time in s', size: X_AXIS_PX, grid: { show: false } },
        {
          ...axis,
          label: 'Latency in ms',
          size: Y_AXIS_PX,
          grid: { stroke: () => colours.line, width: 1 },
        },
      ],
      series: [
        {},
        {
          paths: () => null,
          stroke: () => colours.mark,
          alpha: POINT_OPACITY,
          points: { show: true, size: POINT_PX, width: 0, fill: () => colours.mark },
        },
      ],
      hooks: {
        drawAxes: [drawWindows],
        draw: [drawMedian, drawAboveScale],
        setCursor: [(self) => onPoint(self.cursor.idx ?? null)],
      },
    },
    aligned(data.series),
    host,
  );

  function drawWindows(self: uPlot): void {
    const { ctx, bbox } = self;
    const xOf = (timeS: number): number => self.valToPos(timeS, 'x', true);
    ctx.save();
    ctx.fillStyle = colours.surfaceSunken;
    for (const { fromS, toS } of data.series.missing) {
      ctx.fillRect(xOf(fromS), bbox.top, xOf(toS) - xOf(fromS), bbox.height);
    }
    ctx.fillStyle = colours.line;
    const { boundariesS } = data.series;
    const room = bbox.width / (boundariesS.length + 1) / uPlot.pxRatio;
    // Lines that lie closer would only grey the chart.
    for (const timeS of room < MIN_WINDOW_PX ? [] : boundariesS) {
      ctx.fillRect(Math.round(xOf(timeS)), bbox.top, uPlot.pxRatio, bbox.height);
    }
    ctx.restore();
  }

  function drawMedian(self: uPlot): void {
    if (data.p50Ms === null) return;
    const { ctx, bbox } = self;
    const y = Math.round(self.valToPos(data.p50Ms, 'y', true));
    ctx.save();
    ctx.strokeStyle = colours.text;
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash(MEDIAN_DASH_PX.map((px) => px * uPlot.pxRatio));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }

  function drawAboveScale(self: uPlot): void {
    const { ctx, bbox } = self;
    const { timesS, latenciesMs, ceilingMs } = data.series;
    const size = TRIANGLE_PX * uPlot.pxRatio;
    ctx.save();
    ctx.fillStyle = colours.mark;
    for (const [index, latencyMs] of latenciesMs.entries()) {
      if (latencyMs <= ceilingMs) continue;
      const x = self.valToPos(timesS[index] ?? 0, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x - size, bbox.top + 1.5 * size);
      ctx.lineTo(x + size, bbox.top + 1.5 * size);
      ctx.fill();
    }
    ctx.restore();
  }

  return {
    show(next) {
      data = next;
      plot.setData(aligned(data.series));
    },
    resize: (width) => plot.setSize({ width, height: heightPx }),
    recolour(next) {
      colours = next;
      plot.redraw(false);
    },
    destroy: () => plot.destroy(),
  };
}

function aligned({ timesS, latenciesMs, ceilingMs }: LatencySeries): uPlot.AlignedData {
  return [[...timesS], latenciesMs.map((latencyMs) => (latencyMs <= ceilingMs ? latencyMs : null))];
}
