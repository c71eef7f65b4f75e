/** What the terminal says of the demo day. The page has its own words for `demo: true`, so that it says so once. */
export const demoNotice = 'Demo reading day, NOT FOR CLINICAL USE. Sign in as reader, lead, qa or site, password demo.';
