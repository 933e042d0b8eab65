package bot

// What is refused because it does not come from whom it claims, for counting.
const (
	RefusedSecret = "secret" // a webhook call without the platform's secret
	RefusedToken  = "token"  // a command without the server's token
	RefusedPress  = "press"  // a button that the bot did not make, or made for somebody else
	RefusedProof  = "proof"  // what may be the server's, but does not prove who acts
	RefusedForm   = "form"   // a form that the bot did not make
)
