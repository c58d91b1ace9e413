/** What a table has under a key that may come from anywhere: never what every object has, such as `constructor`. */
export function lookup<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
