import type { ClassItem } from './ast';

/** Collects the items of a class and decides what a hyphen means. */
export class ClassReader {
  negated = false;
  private readonly items: ClassItem[] = [];
  private state: 'none' | 'started' | 'possible' = 'none';
  private hyphenStart = 0;
  private hyphenEnd = 0;

  get inRange(): boolean {
    return this.state === 'started';
  }

  get canStartRange(): boolean {
    return this.state === 'possible';
  }

  startRange(start: number, end: number): void {
    this.state = 'started';
    this.hyphenStart = start;
    this.hyphenEnd = end;
  }

  /** False when it ends a range before its start. */
  addCharacter(code: number, start: number, end: number): boolean {
    if (this.state !== 'started') {
      this.items.push({ kind: 'range', from: code, to: code, start, end });
      this.state = 'possible';
      return true;
    }
    const first = this.items.pop() as ClassItem & { kind: 'range' };
    if (first.from > code) return false;
    this.items.push({ kind: 'range', from: first.from, to: code, start: first.start, end });
    this.state = 'none';
    return true;
  }

  addSet(item: ClassItem): void {
    this.items.push(item);
    this.state = 'none';
  }

  /** A hyphen at the end is itself. */
  finish(): readonly ClassItem[] {
    if (this.state === 'started') {
      const span = { start: this.hyphenStart, end: this.hyphenEnd };
      this.items.push({ kind: 'range', from: 0x2d, to: 0x2d, ...span });
    }
    return this.items;
  }
}
