/** Members that are put into an object one by one: V8 keeps one that gets more in this way as a table, which is slow to read, to copy and to write. */
const FEW = 12;

/** An object without the members that are undefined. Its members are plain ones, so that reading them stays quick. */
export function withoutAbsent<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  type Members = { [K in keyof T]?: Exclude<T[K], undefined> };
  let members: Members | undefined;
  let few: Members = {};
  let count = 0;
  for (const name of Object.keys(value) as (keyof T)[]) {
    const member = value[name];
    // That name would be the prototype.
    if (member === undefined || name === '__proto__') continue;
    if (count === FEW) {
      members = Object.assign(members ?? {}, few);
      few = {};
      count = 0;
    }
    few[name] = member as Exclude<T[keyof T], undefined>;
    count += 1;
  }
  return members === undefined ? few : Object.assign(members, few);
}
