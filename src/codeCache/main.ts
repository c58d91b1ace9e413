import { runProgram } from './cachedProgram';

// What ships as `dist/NAME.js`: starts the program `NAME.program.js` beside it.
runProgram(__filename.replace(/\.js$/, '.program.js'), { module, require });
