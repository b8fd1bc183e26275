/** `node --import …`: `losslab serve` gets Ctrl-C at the very moment at which it prints its address. */

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text: string | Uint8Array): boolean => {
  const written = write(text);
  if (String(text).includes('?token=')) process.kill(process.pid, 'SIGINT');
  return written;
};
