/** Makes elements as React does, of what `shown` lets through: no part of the page needs to think of it. */
import { Fragment, jsx as make, jsxs as makeOfMany } from 'react/jsx-runtime';
import { shown } from './shown.ts';

export { Fragment };
export const jsx: typeof make = (type, props, key) => make(type, shown(props), key);
export const jsxs: typeof makeOfMany = (type, props, key) => makeOfMany(type, shown(props), key);
