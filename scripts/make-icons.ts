import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Draws the icons of the app: two losses, one of which falls lower. Run it again after a change. */

const folder = fileURLToPath(new URL('../resources/icons/', import.meta.url));
const unit = 64;

function draw(size: number): Buffer {
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  context.scale(size / unit, size / unit);
  context.fillStyle = '#1b2a4a';
  context.beginPath();
  context.roundRect(2, 2, 60, 60, 14);
  context.fill();
  curve(context, '#f0a04b', 26);
  curve(context, '#5cc8ff', 42);
  return canvas.toBuffer('image/png');
}

/** Falls from the upper left by `depth`, quickly at first. */
function curve(context: SKRSContext2D, colour: string, depth: number): void {
  const [left, top, right] = [13, 12, 51];
  context.strokeStyle = colour;
  context.lineWidth = 5.5;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(left, top);
  context.bezierCurveTo(left + 6, top + depth, left + 16, top + depth, right, top + depth);
  context.stroke();
}

mkdirSync(folder, { recursive: true });
for (const [name, size] of [
  ['icon.png', 1024],
  ['tray.png', 16],
  ['tray@2x.png', 32],
] as const)
  writeFileSync(`${folder}${name}`, draw(size));
