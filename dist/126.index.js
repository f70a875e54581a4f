const a=126,p=[126],c={5126:((o,d,t)=>{t.a(o,async(r,e)=>{try{t.r(d);var n=t(6421);process.stdout.write(`promote ran
`),(0,n.uH)("result","none"),process.env.GITHUB_STEP_SUMMARY!==void 0&&await n.z.addRaw("promote ran",!0).write(),e()}catch(s){e(s)}},1)})};export{a as id,p as ids,c as modules};
