// Takes the place of the native module @vscode/spdlog inside the VS Code server: without any, every output channel stays empty.
// Installed by install.mjs, so that no compiler is needed.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(name, file) {
    this.name = name;
    this.file = file;
    this.level = LEVELS.indexOf('info');
    this.plain = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.closeSync(fs.openSync(file, 'a'));
  }

  write(level, message) {
    if (level < this.level) return;
    const line = this.plain ? message : `${timestamp()} [${LEVELS[level]}] ${message}\n`;
    try {
      fs.appendFileSync(this.file, line);
    } catch {
      // The data folder was removed while the server still ran: there is nowhere left to log to.
    }
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  clearFormatters() {
    this.plain = true;
  }

  setPattern() {}
  flush() {}
  drop() {}
}

LEVELS.forEach((name, level) => {
  Logger.prototype[name === 'warning' ? 'warn' : name] = function log(message) {
    this.write(level, message);
  };
});

function timestamp() {
  return new Date().toISOString().replace('T', ' ').replace('Z', '');
}

const createLogger = async (name, file) => new Logger(name, file);

// One assignment per name: VS Code imports this as an ES module, and Node finds only names that are assigned like this.
exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
