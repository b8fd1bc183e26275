import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** DejaVu Sans comes with LossLab, so that pictures look the same everywhere, also where no font is installed. */
const files = ['dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'];

let registered: string | null = null;

/** Makes the font known to the canvas, once; returns its name. */
export function chartFont(): string {
  registered ??= registerFont();
  return registered;
}

function registerFont(): string {
  const { resolve } = createRequire(import.meta.url);
  // A name of its own: an installed font called the same must not stand in for it.
  const family = 'LossLab Sans';
  for (const file of files) {
    if (!GlobalFonts.registerFromPath(resolve(file), family)) throw new Error(`The font ${file} cannot be read`);
  }
  return family;
}
