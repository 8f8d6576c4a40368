/** Protocol buffers read in place: one cursor goes through nested messages, and nothing is made for what nobody wants. */
export class Wire {
  bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.bytes.buffer);
  /** Where the next byte is read. */
  at = 0;
  #type = -1;

  begin(bytes: Uint8Array, at: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = at;
  }

  /** The number of the next field. @throws RangeError where none can be, as all readers do */
  field(end: number): number {
    const key = this.varint(end);
    this.#type = key & 7;
    return Math.floor(key / 8);
  }

  /** Of which type the field is: 0 a varint, 1 eight bytes, 2 bytes with their length, 5 four bytes. */
  is(type: number): boolean {
    return this.#type === type;
  }

  /** Up to 2^53 exactly; negative numbers as such. */
  varint(end: number): number {
    let byte = this.#byte(end);
    if (byte < 0x80) return byte;
    let low = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.#byte(end);
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    let high = 0;
    for (let shift = 0; shift < 42; shift += 7) {
      byte = this.#byte(end);
      high += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        // 64 bits, of which the highest is a sign.
        const number = high % 2 ** 36;
        return number >= 2 ** 35 ? (number - 2 ** 36) * 2 ** 28 + low : number * 2 ** 28 + low;
      }
    }
    throw new RangeError('a number of more than 10 bytes');
  }

  double(end: number): number {
    return this.#view.getFloat64(this.#fixed(8, end), true);
  }

  float(end: number): number {
    return this.#view.getFloat32(this.#fixed(4, end), true);
  }

  /** Of a field of type 2: where its bytes end; `at` is where they begin. */
  length(end: number): number {
    const length = this.varint(end);
    if (length < 0 || length > end - this.at) throw new RangeError('cut off');
    return this.at + length;
  }

  /** A field's bytes, still in place. */
  take(end: number): Uint8Array {
    const to = this.length(end);
    const bytes = this.bytes.subarray(this.at, to);
    this.at = to;
    return bytes;
  }

  /** Text of at most so many bytes. */
  text(end: number, most: number): string {
    return Buffer.from(this.take(end).subarray(0, most)).toString('utf8');
  }

  skip(end: number): void {
    if (this.#type === 0) this.varint(end);
    else if (this.#type === 1) this.#fixed(8, end);
    else if (this.#type === 5) this.#fixed(4, end);
    else if (this.#type === 2) this.at = this.length(end);
    else throw new RangeError('no such type of field');
  }

  #byte(end: number): number {
    if (this.at >= end) throw new RangeError('cut off');
    return this.bytes[this.at++]!;
  }

  #fixed(size: number, end: number): number {
    const at = this.at;
    if (at + size > end) throw new RangeError('cut off');
    this.at = at + size;
    return at;
  }
}
