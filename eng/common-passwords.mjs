#!/usr/bin/env node
// Writes the list of passwords that nobody may choose: every word of zxcvbn's frequency lists (leaked passwords, English words, names)
// that is long enough for our policy, lower-case, sorted by its bytes, one a line, Brotli. Needs node and npm:
//
//     eng/common-passwords.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const source = 'zxcvbn@4.4.2'; // npm checks the integrity of what it fetches
const shortest = 8; // PasswordPolicy.MinLength: shorter ones are refused for their length
const fewest = 10_000;
const target = join(import.meta.dirname, '../src/Avouch.Server/Passwords');

function fetchLists(folder) {
    const archive = execFileSync('npm', ['pack', source, '--silent'], { cwd: folder, encoding: 'utf8' }).trim();
    execFileSync('tar', ['xzf', archive], { cwd: folder });
    copyFileSync(join(folder, 'package/LICENSE.txt'), join(target, 'common-passwords.LICENSE.txt'));
    return createRequire(import.meta.url)(join(folder, 'package/lib/frequency_lists.js'));
}

// A word stands only in the list where it is most frequent: "jennifer" is missing among the passwords because it is a name.
function pickWords(lists) {
    const words = new Set(Object.values(lists).flat().map(word => word.toLowerCase()));
    return [...words].filter(word => [...word].length >= shortest);
}

function sortByBytes(words) {
    return words.map(word => Buffer.from(word)).sort(Buffer.compare).map(bytes => bytes.toString());
}

const folder = mkdtempSync(join(tmpdir(), 'common-passwords-'));
try {
    const words = sortByBytes(pickWords(fetchLists(folder)));
    if (words.length < fewest) throw new Error(`only ${words.length} words: has the layout of ${source} changed?`);

    const text = Buffer.from(words.join('\n') + '\n');
    const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
    writeFileSync(join(target, 'common-passwords.br'), packed);
    console.log(`${words.length} words, ${text.length} bytes, ${packed.length} packed, SHA-256 of the text ${createHash('sha256').update(text).digest('hex')}`);
} finally {
    rmSync(folder, { recursive: true });
}
