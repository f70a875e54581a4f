const i=363,o=[363],c={3363:((a,e,t)=>{t.a(a,async(r,n)=>{try{t.r(e);var d=t(6421);process.stdout.write(`build-artifact ran
`),(0,d.uH)("result","none"),process.env.GITHUB_STEP_SUMMARY!==void 0&&await d.z.addRaw("build-artifact ran",!0).write(),n()}catch(s){n(s)}},1)})};export{i as id,o as ids,c as modules};
