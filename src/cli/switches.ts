/** Whether a variable is switched on, as programs take it: set to anything but nothing and 0. */
export const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';
