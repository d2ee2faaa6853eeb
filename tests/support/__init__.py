"""What the tests share: the throwaway database and the network guard."""
