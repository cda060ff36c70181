// Hashes by libraries from npm and by Node itself, one JSON object a line: who made it, the password, the hash.
import { randomBytes, scryptSync } from "node:crypto";
import { createRequire } from "node:module";
import { hashPassword } from "@better-auth/utils/password";
import bcryptjs from "bcryptjs";

const require = createRequire(import.meta.url);
const { FirebaseScrypt } = require("firebase-scrypt");
const passwords = ["correct horse 42", "pässwörd ＡＢＣ ﬁ 🔑", "x".repeat(80)];

const versionOf = (name) => require("node:fs").readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8").match(/"version": "([^"]+)"/)[1];
const print = (by, password, hash) => console.log(JSON.stringify({ by, password, hash }));

const project = { memCost: 14, rounds: 8, saltSeparator: "Bw==", signerKey: randomBytes(64).toString("base64") };
const firebase = new FirebaseScrypt(project);
for (const password of passwords) {
  print(`better-auth (@better-auth/utils ${versionOf("@better-auth/utils")})`, password, await hashPassword(password));
  print(`bcryptjs ${versionOf("bcryptjs")}`, password, bcryptjs.hashSync(password, 5));
  const salt = randomBytes(10).toString("base64");
  const hash = await firebase.hash(password, salt);
  print(`firebase-scrypt ${versionOf("firebase-scrypt")}`, password,
    `$fbscrypt$v=1,n=${project.memCost},r=${project.rounds},p=1,ss=${project.saltSeparator},sk=${project.signerKey}$${salt}$${hash}`);
  const text = randomBytes(8).toString("hex");
  print(`Django's scrypt form, derived by Node ${process.version}`, password,
    `scrypt$16384$${text}$8$5$${scryptSync(password, text, 64, { N: 16384, r: 8, p: 5, maxmem: 64 << 20 }).toString("base64")}`);
}
