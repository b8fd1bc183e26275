/**
 * Inside the page, before its own scripts: notes when something has been painted. Times are
 * milliseconds since 1970, so that they can be held against those of other processes.
 */
globalThis.probe = (() => {
  const now = () => performance.timeOrigin + performance.now();

  /** After the browser has painted what this task, or frame, has changed. */
  const afterPaint = (action) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => action(now());
    port2.postMessage(null);
  };

  const drawings = { lines: 0, last: 0 };
  const pictures = [];
  /** The step that the curve being drawn in this frame has reached; undefined between frames. */
  let frameStep;

  /** ECharts draws in animation frames: what comes after such a frame comes after its paint. */
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function (...path) {
    drawings.lines++;
    if (frameStep === undefined) {
      frameStep = null;
      afterPaint((at) => {
        drawings.last = at;
        if (frameStep !== null) pictures.push({ step: frameStep, at });
        frameStep = undefined;
      });
    }
    if (frameStep === null && this.canvas.closest('[aria-label^="Line chart, Training loss"]'))
      frameStep = stepInTraining();
    return stroke.apply(this, path);
  };

  /** As the live screen writes it. Texts change at once, curves in one of the next frames. */
  function stepInTraining() {
    const run = document.querySelector('.run:has(.badge.live)');
    const digits = /step ([\d,]+) of/.exec(run?.textContent ?? '')?.[1];
    return digits ? Number(digits.replaceAll(',', '')) : null;
  }

  return {
    /** When the first element of a selector was painted. */
    painted: (selector) =>
      new Promise((resolve) => {
        const look = () => (document.querySelector(selector) ? afterPaint(resolve) : requestAnimationFrame(look));
        requestAnimationFrame(look);
      }),
    /** When the last line of charts was painted, once none has come for a while, and how many there were. */
    drawn: async (leastLines) => {
      while (drawings.lines < leastLines || now() - drawings.last < 400)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return { ...drawings };
    },
    /** Forgets the lines that were drawn so far; returns when. */
    begin: () => {
      drawings.lines = 0;
      return now();
    },
    /** Resolves when the live screen says that the run in training is so far. */
    reached: async (step) => {
      while (stepInTraining() === null || stepInTraining() < step)
        await new Promise((resolve) => setTimeout(resolve, 50));
    },
    pictures: () => pictures.splice(0),
    /** Milliseconds between frames, for as long. */
    frames: (milliseconds) =>
      new Promise((resolve) => {
        const times = [];
        const next = (time) => {
          times.push(time);
          if (time - times[0] < milliseconds) requestAnimationFrame(next);
          else resolve(times.slice(1).map((each, i) => each - times[i]));
        };
        requestAnimationFrame(next);
      }),
  };
})();
