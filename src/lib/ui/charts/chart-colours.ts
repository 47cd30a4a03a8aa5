// Reads the page's colours for a canvas, which understands neither custom properties nor light-dark().

/** Colours of a chart as a canvas takes them. `mark` is the data's; its page sets it as `--mark`. */
export type ChartColours = {
  readonly mark: string;
  readonly text: string;
  readonly textQuiet: string;
  readonly line: string;
  readonly surfaceSunken: string;
};

/** The colours that hold inside `host` now; they change with the colour scheme. */
export function readChartColours(host: HTMLElement): ChartColours {
  const probe = host.appendChild(document.createElement('span'));
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours: ChartColours = {
    mark: read('--mark'),
    text: read('--text'),
    textQuiet: read('--text-quiet'),
    line: read('--line'),
    surfaceSunken: read('--surface-sunken'),
  };
  probe.remove();
  return colours;
}
