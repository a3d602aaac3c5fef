export class Context { text(): string { return ""; } inner!: Context }
export type Handler<T = any> = First<T> | ((other: Context) => void);
type First<T> = (c: Context, next: () => void) => T;
interface Callable<T> {
  (path: string): Router
  <U>(path: U, handler: Handler<T>): Router
}
interface Bare { (one: string); }
export type Method = { (path: string, handler: Handler): void };
export class Router {
  constructor(first: (c: Context) => void) {}
  get!: Callable<string>;
  last() {}
}
export function operate<T>(init: (this: T, source: Context, target: T) => void): void {}
export function each<T>(items: T[], each: (item: T, place: number) => void) {}
