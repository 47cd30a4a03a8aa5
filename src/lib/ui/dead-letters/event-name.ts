// How a dead letter's event is called on a page.

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'kinemark.run.started.v1': 'Start',
  'kinemark.run.window.v1': 'Window',
  'kinemark.run.finished.v1': 'End',
  'kinemark.run.interrupted.v1': 'Interruption',
};

/** `Window, event 12`; a type that is not known here is called by its own name. */
export function nameEvent(eventType: string, eventId: string): string {
  const sequence = eventId.slice(eventId.lastIndexOf('/') + 1);
  return `${TYPE_NAMES[eventType] ?? eventType}, event ${sequence}`;
}
