/** Hyper-parameters of a session (tensorboard/plugins/hparams/plugin_data.proto), which a summary's metadata hold. */
import { Wire } from './wire.ts';

const mostParameters = 1_000;
const longestText = 1_000;

export interface HyperParameter {
  name: string;
  value: number | string | boolean;
}

/** @throws RangeError where it is cut off */
export function readHparams(content: Uint8Array): HyperParameter[] {
  const wire = new Wire();
  const found: HyperParameter[] = [];
  wire.begin(content, 0);
  within(wire, content.length, (field, end) => {
    // session_start_info
    if (field !== 3) return false;
    within(wire, end, (inner, innerEnd) => {
      // hparams, a map
      if (inner !== 1) return false;
      const parameter = readEntry(wire, innerEnd);
      if (parameter !== null && found.length < mostParameters) found.push(parameter);
      return true;
    });
    return true;
  });
  return found;
}

/** Goes through the messages in a message. @param take says whether it has read the field up to its end */
function within(wire: Wire, end: number, take: (field: number, end: number) => boolean): void {
  while (wire.at < end) {
    const field = wire.field(end);
    if (!wire.is(2)) {
      wire.skip(end);
      continue;
    }
    const to = wire.length(end);
    if (!take(field, to)) wire.at = to;
  }
}

function readEntry(wire: Wire, end: number): HyperParameter | null {
  let name = '';
  let value: HyperParameter['value'] | null = null;
  while (wire.at < end) {
    const field = wire.field(end);
    if (field === 1 && wire.is(2)) name = wire.text(end, longestText);
    else if (field === 2 && wire.is(2)) value = readAny(wire, wire.length(end));
    else wire.skip(end);
  }
  return value === null ? null : { name, value };
}

/** google.protobuf.Value, of which lists and structures are left out. */
function readAny(wire: Wire, end: number): HyperParameter['value'] | null {
  let value: HyperParameter['value'] | null = null;
  while (wire.at < end) {
    const field = wire.field(end);
    if (field === 2 && wire.is(1)) value = wire.double(end);
    else if (field === 3 && wire.is(2)) value = wire.text(end, longestText);
    else if (field === 4 && wire.is(0)) value = wire.varint(end) !== 0;
    else wire.skip(end);
  }
  return value;
}
