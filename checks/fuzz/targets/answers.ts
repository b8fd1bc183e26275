/** Converts answers of servers to bytes and back. */

/** The status, headers and body of an answer, as lines. */
export function answer(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array | string): Buffer {
  return Buffer.concat([
    Buffer.from(
      [String(status), ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\n'),
    ),
    Buffer.from(body as Uint8Array),
  ]);
}

/** Returns a function that makes the same answer each time; null if Node's HTTP client would refuse it. */
export function responseMaker(input: Buffer): (() => Response) | null {
  const end = input.indexOf('\n\n');
  const [status = '', ...lines] = input
    .subarray(0, end < 0 ? input.length : end)
    .toString('latin1')
    .split('\n');
  const body = end < 0 ? Buffer.alloc(0) : input.subarray(end + 2);
  const make = (): Response => {
    const headers = lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1),
    ]);
    return new Response([204, 205, 304].includes(Number(status)) ? null : new Uint8Array(body), {
      status: Number(status),
      headers,
    });
  };
  try {
    make();
    return make;
  } catch {
    return null;
  }
}
