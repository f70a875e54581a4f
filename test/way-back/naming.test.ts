import { describeNamings, rows } from "./naming.ts";

// Each way of naming once, each scope and manner a few times; naming.itg.test.ts has every row.
describeNamings(rows.filter((_, index) => index % 12 === (Math.floor(index / 12) % namings.length) % 12));
