// Loaded before a role's process by --import: writes on stderr which of Google's clients it loads.
import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';

const STDERR = 2;
const CLIENT = /^(@google-cloud\/(?:pubsub|firestore)|google-auth-library)$/;

registerHooks({
  resolve(specifier, context, next) {
    // Only what Kinemark itself asks for: the clients use parts of one another.
    const isOurs = !context.parentURL?.includes('/node_modules/');
    if (isOurs && CLIENT.test(specifier)) writeSync(STDERR, `loaded ${specifier}\n`);
    return next(specifier, context);
  },
});
