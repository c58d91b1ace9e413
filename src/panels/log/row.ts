import type { LogRow } from './messages';

/** One line of the log as an element; text goes in as text only. */
export function drawRow(row: LogRow, selected: boolean): HTMLElement {
  const element = document.createElement('div');
  element.className = `row ${row.loudness}`;
  element.classList.toggle('selected', selected);
  element.classList.toggle('known', row.explanation !== undefined);
  element.title = row.explanation?.summary ?? '';
  element.append(
    cell('time', row.time),
    cell('level', row.level),
    cell('origin', row.origin),
    cell('message', row.message),
  );
  return element;
}

function cell(name: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  return element;
}
