// Gives the user a file that was made on this page.

/** Saves text under a name, as the browser saves downloads. */
export function saveFile(name: string, text: string, mediaType = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it at once, but not before this task ends.
  setTimeout(() => URL.revokeObjectURL(url));
}
