/** An object without the members that are undefined. Its members are plain ones, so that reading them stays quick. */
export function withoutAbsent<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const members: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name of Object.keys(value) as (keyof T)[]) {
    const member = value[name];
    // That name would be the prototype.
    if (member !== undefined && name !== '__proto__')
      members[name] = member as Exclude<T[keyof T], undefined>;
  }
  return members;
}
