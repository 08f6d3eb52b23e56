"""业主联系: home visits, meetings, letters, proposals, mediations, applications, and their promises."""
