/** Samples as pictures on the screen of `spoor watch`, made once each. */
import type { Images } from '../../images/images.ts';
import type { Home } from '../../store/home.ts';
import { pictureOf } from '../../tracker/artefacts/contact-sheet.ts';
import { pictureText } from '../reporters/kitty.ts';
import type { PlacedPicture } from './screen.ts';
import type { Laid } from './view.ts';
import type { WatchedSample } from './watched.ts';

/** Pixels of a cell on common screens at most; a cell is about twice as high as wide. */
const cell = { width: 16, height: 32 };
/** Pictures that are held, made or not. */
const most = 64;

interface Made {
  text: string;
  columns: number;
}

export class WatchPictures {
  readonly #home: Home;
  readonly #images: Images;
  readonly #ready: () => void;
  readonly #made = new Map<string, Made | null>();

  /** @param ready is called when a picture that was asked for is there */
  constructor(home: Home, images: Images, ready: () => void) {
    this.#home = home;
    this.#images = images;
    this.#ready = ready;
  }

  /** Those that are made, beside each other; the others are made meanwhile. */
  placed(samples: readonly WatchedSample[], room: NonNullable<Laid['room']>): PlacedPicture[] {
    const placed: PlacedPicture[] = [];
    let column = 0;
    for (const watched of samples) {
      const { path, modifiedAt } = watched.sample;
      const key = `${path} ${modifiedAt} ${room.rows}`;
      const made = this.#made.get(key);
      if (made === undefined) void this.#make(key, watched, room.rows);
      if (!made) continue;
      if (column + made.columns > room.columns) break;
      placed.push({ row: room.row, column, text: made.text });
      column += made.columns + 1;
    }
    return placed;
  }

  close(): void {
    this.#images.close();
  }

  async #make(key: string, { sample }: WatchedSample, rows: number): Promise<void> {
    if (this.#made.size >= most) this.#made.clear();
    this.#made.set(key, null);
    const picture = await pictureOf(this.#home, this.#images, sample).catch(() => null);
    if (picture === null) return;
    const height = rows * cell.height;
    const columns = Math.max(1, Math.round((picture.width / picture.height) * rows * 2));
    const png = await this.#images.png(picture.bytes, columns * cell.width, height).catch(() => null);
    if (png === null) return;
    this.#made.set(key, { text: pictureText(png, columns, rows), columns });
    this.#ready();
  }
}
