// What SvelteKit's own types leave to the application.
import type { Services } from '../server/services.server.ts';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** Finds the error in the server's log. */
      errorId?: string;
    }
    interface Locals {
      services: Services;
    }
  }
}
