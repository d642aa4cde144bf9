"""Rules and judgements in the words of a clerk."""
