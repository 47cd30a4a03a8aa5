// What a page says when something in it fails that nobody reckoned with.
import type { HandleClientError } from '@sveltejs/kit';

const FIRST_SERVER_STATUS = 500;

export const handleError: HandleClientError = ({ error, status, message }) => {
  if (status < FIRST_SERVER_STATUS) return { message };
  console.error(error);
  return {
    message:
      'This page could not be shown because this version of the app could not load a part of itself or read the server’s answer. Update the app where a new version is ready, else try again; what is stored on this device stays.',
  };
};
