// The built-in clip: an articulated figure whose joints are known exactly, made by tools/actor.

const ACTOR_URL = '/clips/actor.mp4';

/** The name under which the actor appears in results. */
export const ACTOR_NAME = 'actor.mp4';

/** Fetches the built-in clip. Throws a sentence when this server does not have it. */
export async function fetchActorClip(): Promise<File> {
  const response = await fetch(ACTOR_URL);
  if (!response.ok) {
    throw new Error(
      `The built-in clip is not on this server (HTTP ${response.status}). Choose a video file instead.`,
    );
  }
  return new File([await response.blob()], ACTOR_NAME, { type: 'video/mp4' });
}
