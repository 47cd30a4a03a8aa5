// The browser's offer to install the app, kept until the user asks for it.

/** What Chromium gives with `beforeinstallprompt`; TypeScript's library lacks it. */
type InstallPromptEvent = Event & { prompt(): Promise<{ readonly outcome: string }> };

/** Whether the app can be installed from here. */
export class InstallPrompt {
  /** True while the browser offers it: not where it is installed already, nor in browsers without it. */
  isOffered = $state(false);

  #event: InstallPromptEvent | null = null;

  /** Listens from now on; the browser makes its offer once, soon after the page was loaded. */
  listen(): void {
    addEventListener('beforeinstallprompt', (event) => {
      // The browser's own bar would come at a moment that nobody chose.
      event.preventDefault();
      this.#event = event as InstallPromptEvent;
      this.isOffered = true;
    });
    addEventListener('appinstalled', () => this.#forget());
  }

  /** Shows the browser's dialog. An offer can be taken up only once. */
  async install(): Promise<void> {
    const event = this.#event;
    this.#forget();
    await event?.prompt();
  }

  #forget(): void {
    this.#event = null;
    this.isOffered = false;
  }
}

/** The one of this page. */
export const installPrompt = new InstallPrompt();
