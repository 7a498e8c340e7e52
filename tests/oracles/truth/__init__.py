"""What each name of real code sees when it runs, compared with what the flow says that it may see."""
