const _={57837:((d,u,o)=>{o.d(u,{P8:()=>c,Q6:()=>l,yy:()=>t});const s=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0]/gu,p="\u200C\u200D";function i(n){return n.replace(s,e=>p.includes(e)?e:`\\u{${(e.codePointAt(0)??0).toString(16)}}`)}function c(n){return i(n.replace(/\s*[\r\n\t\u2028\u2029]+\s*/g," "))}const t=n=>n.split("	").map(i).join("	");function l(n){return n.split(`
`).map(t).join(`
`)}})};export{_ as modules};
