#!/usr/bin/env node
// Any Node can parse this file: an old one gets a sentence, not a syntax error.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 14)) {
  console.error(
    'spoor needs Node 22.14 or newer; this is ' +
      process.version +
      '.\nHint: install a current Node from https://nodejs.org, or with nvm: nvm install 24',
  );
  process.exitCode = 69;
} else {
  var single = { run: 'run', ls: 'looking', show: 'looking', log: 'looking', ui: 'serving', serve: 'serving' };
  var command = process.argv[2];
  import('node:module')
    .then(function (module) {
      module.enableCompileCache && module.enableCompileCache();
      return import(
        Object.hasOwn(single, command) ? '../dist/main-' + single[command] + '.js' : '../dist/main.js'
      );
    })
    .then(function (cli) {
      return cli.main();
    });
}
