// The files in what was dropped on the page. A dropped folder stands for all that lies in it.

/**
 * All dropped files; those of folders know their path in `webkitRelativePath`, as they do when a folder is
 * picked. Must be called while the drop event is handled: afterwards the browser has taken the items back.
 */
export async function droppedFiles({ items }: DataTransfer): Promise<readonly File[]> {
  const dropped = [...items].map((item) => {
    const entry = item.webkitGetAsEntry();
    return entry && isFolder(entry) ? filesIn(entry) : Promise.resolve([item.getAsFile()]);
  });
  return (await Promise.all(dropped)).flat().filter((file) => file !== null);
}

async function filesIn(folder: FileSystemDirectoryEntry): Promise<readonly File[]> {
  const entries = await entriesOf(folder);
  const files = entries.map((entry) => (isFolder(entry) ? filesIn(entry) : fileOf(entry)));
  return (await Promise.all(files)).flat();
}

async function fileOf(entry: FileSystemEntry): Promise<File> {
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  );
  // Its own is empty, unless the folder was picked. A full path begins with a slash.
  Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) });
  return file;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // It gives a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
